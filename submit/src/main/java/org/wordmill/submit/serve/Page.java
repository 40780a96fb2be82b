package org.wordmill.submit.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page that shows models side by side: one file without anything from elsewhere, and the policy
 * by which a browser runs its own script and style, known by their hashes, and nothing else.
 *
 * @param html the file
 * @param policy for {@code Content-Security-Policy}
 */
record Page(String html, String policy) {
  private static final String FILE = "/org/wordmill/submit/serve/page.html";

  static Page load() {
    String html;
    try (InputStream in = Page.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + FILE + " is missing");
      }
      html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String policy =
        "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'; script-src "
            + hash(html, "script")
            + "; style-src "
            + hash(html, "style");
    return new Page(html, policy);
  }

  /**
   * The hash of what stands between the tags of an element, as Content Security Policy 3 has it.
   */
  private static String hash(String html, String element) {
    String begin = "<" + element + ">";
    String content =
        html.substring(html.indexOf(begin) + begin.length(), html.indexOf("</" + element + ">"));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
