package org.wordmill.counter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.wordmill.error.WordmillException;

/**
 * The files behind the paths of an input, by which it is known again without being read.
 *
 * @param files how many
 * @param bytes as stored
 * @param sha256 of their paths, lengths and times of modification
 */
public record InputListing(int files, long bytes, String sha256) {

  /**
   * Lists the files.
   *
   * @param paths files, directories and globs; files whose names begin with {@code _} or {@code .}
   *     are passed over
   * @throws WordmillException STORAGE when a path is not there or cannot be read
   */
  public static InputListing of(List<String> paths, Configuration configuration) {
    TextFiles found = TextFiles.find(paths, configuration);
    MessageDigest digest = digest();
    for (FileStatus file : found.files()) {
      String line =
          file.getPath() + "\t" + file.getLen() + "\t" + file.getModificationTime() + "\n";
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return new InputListing(
        found.files().size(), found.bytes(), HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
