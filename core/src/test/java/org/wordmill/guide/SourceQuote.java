package org.wordmill.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lines of a source file that the guide shows: {@code PATH#NAME}, where the path begins at the root
 * of the repository.
 *
 * <ul>
 *   <li>{@code NAME} is a method, a constructor or a type: its lines from the first line of the
 *       declaration (annotations and Javadoc left out) to the closing brace, the first of that name
 *       in the file; {@code NAME:2} is the second.
 *   <li>{@code formula} is what stands between {@code <pre>} and {@code </pre>} in the Javadoc, the
 *       first in the file; {@code formula:2} the second.
 *   <li>Without {@code #NAME} it is the whole file.
 * </ul>
 *
 * What all lines are indented by is taken away. It relies on the format that the build enforces: a
 * declaration ends at the first line that has its indentation and is a closing brace.
 */
final class SourceQuote {
  private final Path file;
  private final String name;
  private final int which;

  private SourceQuote(Path file, String name, int which) {
    this.file = file;
    this.name = name;
    this.which = which;
  }

  /**
   * @param root of the repository
   */
  static SourceQuote of(Path root, String reference) {
    String[] parts = reference.split("#", 2);
    String[] name = (parts.length == 1 ? "" : parts[1]).split(":", 2);
    int which = name.length == 1 ? 1 : Integer.parseInt(name[1]);
    return new SourceQuote(root.resolve(parts[0]), name[0], which);
  }

  List<String> lines() throws IOException {
    List<String> all = Files.readAllLines(file);
    if (name.isEmpty()) {
      return all;
    }
    return name.equals("formula") ? formula(all) : declaration(all);
  }

  private List<String> formula(List<String> all) {
    int begin = find(all, Pattern.compile(" *\\* (?:.*)?<pre>"));
    List<String> lines = new ArrayList<>();
    for (int i = begin + 1; !all.get(i).strip().equals("* </pre>"); i++) {
      String line = all.get(i).strip().substring(1);
      lines.add(line.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
    }
    return dedented(lines);
  }

  private List<String> declaration(List<String> all) {
    String quoted = Pattern.quote(name);
    int begin =
        find(
            all,
            Pattern.compile(
                "( *)(?!return |new |throw |\\*|//)"
                    + "(?:[\\w<@][\\w<>\\[\\]?,.@ ]* )?"
                    + ("(?:(?:class|record|interface|enum) " + quoted + "\\b.*|")
                    + (quoted + "\\((?:[^;]*[{(,])?)")));
    String indentation = all.get(begin).replaceAll("\\S.*", "");
    int end = begin;
    while (!all.get(end).equals(indentation + "}")) {
      end++;
    }
    return dedented(all.subList(begin, end + 1));
  }

  private int find(List<String> all, Pattern pattern) {
    int seen = 0;
    for (int i = 0; i < all.size(); i++) {
      if (pattern.matcher(all.get(i)).matches()) {
        seen++;
        if (seen == which) {
          return i;
        }
      }
    }
    throw new IllegalStateException("no '" + name + "', number " + which + ", in " + file);
  }

  private static List<String> dedented(List<String> lines) {
    int indentation =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return lines.stream()
        .map(line -> line.isBlank() ? "" : line.substring(indentation).stripTrailing())
        .toList();
  }
}
