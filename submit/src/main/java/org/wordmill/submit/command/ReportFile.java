package org.wordmill.submit.command;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Json;

/**
 * What {@code --json} prints, kept with the output that it tells of. In a directory of data its
 * name begins with {@code _}, so that Spark and our own readers pass over it as over {@code
 * _SUCCESS}.
 */
record ReportFile(String path) {
  /** The name in a folder whose files are read by their names. */
  static final String NAME = "report.json";

  /** For a directory of data, all of whose files are read. */
  static ReportFile ofData(String directory) {
    return new ReportFile(directory + "/_" + NAME);
  }

  /** For a folder whose files are read by their names. */
  static ReportFile ofFolder(String directory) {
    return new ReportFile(directory + "/" + NAME);
  }

  /** For a single file: beside it. */
  static ReportFile ofFile(String file) {
    return new ReportFile(file + "." + NAME);
  }

  /** Writes it, over an older one; the output is whole without it, so a failure is a warning. */
  void write(
      Map<String, ? extends @Nullable Object> result,
      Configuration configuration,
      Console console) {
    try {
      RunFile.at(path, configuration).write(Json.write(result) + "\n");
    } catch (WordmillException e) {
      console.note("warning: the output is complete, but not its report: " + e.line());
    }
  }
}
