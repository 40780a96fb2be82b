package org.wordmill.counter;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;

/** The files of counts behind the paths a user named, as {@link CountInput} draws them. */
final class CountFiles {
  private static final Pattern ORDER = Pattern.compile("order=(\\d{1,4})");
  private static final Pattern WEB1T = Pattern.compile("(\\d{1,4})gms");
  private static final Pattern WEB1T_PART = Pattern.compile("(\\d+)gm-\\d+(\\.\\w+)?");
  private static final Pattern WEB1T_WORDS = Pattern.compile("vocab(\\.\\w+)?");

  private final Configuration configuration;
  private final Map<String, CountFile> found = new TreeMap<>();

  private CountFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /**
   * Finds the files, each once, in the order of their paths.
   *
   * @throws WordmillException STORAGE when a path does not exist, matches nothing or cannot be
   *     read; BAD_INPUT when a directory is none of counts
   */
  static List<CountFile> find(List<String> paths, Configuration configuration) {
    CountFiles files = new CountFiles(configuration);
    List<String> missing = new ArrayList<>();
    for (String name : paths) {
      try {
        if (!files.collect(new Path(name))) {
          missing.add(name);
        }
      } catch (IllegalArgumentException e) {
        throw new WordmillException(
            ExitCode.STORAGE,
            "this is not a path: " + e.getMessage(),
            name,
            "name a directory of counts",
            e);
      } catch (FileNotFoundException e) {
        missing.add(name);
      } catch (IOException e) {
        throw TextFiles.unreadable(name, e);
      }
    }
    if (!missing.isEmpty() || paths.isEmpty()) {
      throw new WordmillException(
          ExitCode.STORAGE,
          "no such directory, file or glob match: " + String.join(", ", missing),
          "",
          "check the path, and on a cluster that every machine sees it");
    }
    return List.copyOf(files.found.values());
  }

  private boolean collect(Path path) throws IOException {
    FileSystem files = FileSystems.plain(path, configuration);
    FileStatus[] matches = files.globStatus(path);
    if (matches == null || matches.length == 0) {
      return false;
    }
    for (FileStatus match : matches) {
      if (!match.isDirectory()) {
        add(match, 0, false);
        continue;
      }
      int before = found.size();
      boolean any = false;
      for (FileStatus child : files.listStatus(match.getPath())) {
        any |= child.isDirectory() && collectOrder(files, child);
      }
      if (!any && before == found.size()) {
        throw new WordmillException(
            ExitCode.BAD_INPUT,
            "this is no directory of counts: it has neither order=1 nor 1gms",
            match.getPath().toString(),
            "name what wordmill count wrote, or a directory of the Web1T layout");
      }
    }
    return true;
  }

  /** Takes the files of one order; false when it is no directory of an order. */
  private boolean collectOrder(FileSystem files, FileStatus directory) throws IOException {
    String name = directory.getPath().getName();
    Matcher plain = ORDER.matcher(name);
    Matcher web1t = WEB1T.matcher(name);
    boolean isPlain = plain.matches();
    if (!isPlain && !web1t.matches()) {
      return false;
    }
    int order = Integer.parseInt(isPlain ? plain.group(1) : web1t.group(1));
    for (FileStatus file : files.listStatus(directory.getPath())) {
      String part = file.getPath().getName();
      boolean data =
          isPlain
              ? !part.startsWith("_") && !part.startsWith(".")
              : (order == 1 ? WEB1T_WORDS : WEB1T_PART).matcher(part).matches();
      if (data && !file.isDirectory()) {
        add(file, order, !isPlain);
      }
    }
    return true;
  }

  private void add(FileStatus file, int order, boolean web1t) {
    String path = file.getPath().toString();
    found.put(path, new CountFile(path, order, web1t));
  }
}
