package org.wordmill.submit.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.lm.Sampler;
import org.wordmill.lm.TextGenerator;

/**
 * The page in a browser: type, see tokens arrive, compare two models. With {@code
 * -Dserve.screenshot=update} the picture in the documentation is made anew.
 */
class PageTest {
  private static final Path PICTURE = Path.of("docs", "serve.png");

  // The browser may still write into its profile while it ends.
  @TempDir(cleanup = CleanupMode.NEVER)
  private static Path folder;

  @Test
  void thePageIsOneFileWithAPolicyThatAllowsNothingElse() throws Exception {
    try (Server server = Clients.serve(Clients.LIMITS, Clients.words())) {
      HttpResponse<String> page =
          Clients.http()
              .send(
                  HttpRequest.newBuilder(URI.create(server.url())).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'sha256-", "style-src 'sha256-")
          .doesNotContain("unsafe");
      assertThat(page.body()).doesNotContain("http://").doesNotContain("https://");
    }
  }

  @Test
  void typeSeeTokensArriveAndCompareTwoModels() throws Exception {
    Optional<Path> browser = Chromium.find();
    assumeTrue(browser.isPresent(), "there is no Chromium on this machine");
    Served first = Clients.words();
    Served second = Clients.letters();
    try (Server server = Clients.serve(Clients.LIMITS, first, second);
        Chromium chromium = Chromium.open(browser.get(), folder.resolve("profile"), server.url())) {
      chromium.await("document.querySelectorAll('.next li').length === 20");
      chromium.evaluate("document.getElementById('prompt').focus()");
      chromium.type("the corn of the");
      chromium.await(
          "[...document.querySelectorAll('.next')]"
              + ".every(list => list.dataset.prompt === 'the corn of the')");
      assertThat(chromium.texts("[data-model=words] .token").get(0)).isEqualTo("village");
      assertThat(chromium.texts("[data-model=letters] .token").get(0)).isEqualTo("␣");
      assertThat(chromium.texts(".probability")).hasSize(20).allMatch(p -> p.endsWith(" %"));

      chromium.click("[data-model=words] .next button");
      chromium.await(
          "document.querySelector('.next').dataset.prompt === 'the corn of the village'");

      chromium.click("#go");
      chromium.await("document.querySelectorAll('.text[data-done]').length === 2");
      for (Served model : List.of(first, second)) {
        String drawn =
            new TextGenerator(model.model(), model.tokenizer(), new Sampler(0.8, 0, 1))
                .generate("the corn of the village", 60, 1)
                .text();
        String space = model.ofSentences() ? " " : "";
        assertThat(chromium.texts("[data-model=" + model.name() + "] .text b"))
            .containsExactly(space + drawn);
      }
      assertThat(
              chromium
                  .evaluate("document.querySelector('[data-model=letters] .text').dataset.pieces")
                  .asInt())
          .isGreaterThan(30);
      byte[] picture = chromium.screenshot();
      assertThat(picture).startsWith(0x89, 'P', 'N', 'G');
      if (System.getProperty("serve.screenshot", "").equals("update")) {
        Files.createDirectories(PICTURE.getParent());
        Files.write(PICTURE, picture);
      }
    }
  }
}
