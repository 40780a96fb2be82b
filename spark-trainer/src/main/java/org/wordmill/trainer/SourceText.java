package org.wordmill.trainer;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * What one source of a run's text is: files of text, or folders of prepared text.
 *
 * @param files in the order of their paths
 * @param prepared in the order in which they were named
 */
record SourceText(List<FileStatus> files, List<PreparedText> prepared) {
  /** Nothing. */
  static final SourceText NONE = new SourceText(List.of(), List.of());

  /**
   * What is behind the paths that a user named.
   *
   * @throws org.wordmill.error.WordmillException STORAGE when a path does not exist or matches
   *     nothing
   */
  static SourceText find(List<String> paths, Configuration configuration) {
    List<PreparedText> prepared = PreparedText.findAll(paths, configuration);
    return new SourceText(
        prepared.isEmpty() ? TextSplits.find(paths, configuration) : List.of(), prepared);
  }

  /** All that tells whether it is the same as it was, one line for each file or folder. */
  String describe() {
    return Stream.concat(
            files.stream()
                .map(
                    file ->
                        file.getPath() + " " + file.getLen() + " " + file.getModificationTime()),
            prepared.stream()
                .map(text -> text.folder() + " " + PreparedText.sha256(text.index().write())))
        .map(line -> "\n" + line)
        .collect(Collectors.joining());
  }

  /** The shards of the prepared text, as those of a source of some number. */
  Stream<TokenIndex.Shard> preparedShards(int number) {
    return prepared.stream().flatMap(text -> text.shards().stream()).map(shard -> shard.of(number));
  }
}
