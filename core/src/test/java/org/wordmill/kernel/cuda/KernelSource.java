package org.wordmill.kernel.cuda;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry point as the CUDA sources have it.
 *
 * @param parameters in the letters of {@link Entry}
 * @param body what stands between the braces
 */
record KernelSource(String parameters, String body) {
  private static final Pattern KERNEL =
      Pattern.compile(
          "^KERNEL (\\w+)\\(([^)]*)\\) \\{\n(.*?)^}", Pattern.DOTALL | Pattern.MULTILINE);

  /** All entry points by name, in the order of the sources. */
  static Map<String, KernelSource> all() {
    Map<String, KernelSource> all = new LinkedHashMap<>();
    for (String file : Sources.FILES) {
      Matcher matcher = KERNEL.matcher(Sources.read(file));
      while (matcher.find()) {
        StringBuilder letters = new StringBuilder();
        for (String parameter : matcher.group(2).split(",", -1)) {
          letters.append(letter(parameter.strip()));
        }
        all.put(matcher.group(1), new KernelSource(letters.toString(), matcher.group(3)));
      }
    }
    return all;
  }

  /** Whether its threads wait for each other. */
  boolean synchronizes() {
    return body.contains("row_sum(") || body.contains("row_max(") || body.contains("column_sum(");
  }

  private static char letter(String parameter) {
    String type = parameter.substring(0, parameter.lastIndexOf(' ')).replace("const ", "");
    return switch (type) {
      case "REAL*" -> 'r';
      case "double*" -> 'd';
      case "int*" -> 'i';
      case "Count" -> 'n';
      case "Number" -> 'x';
      default -> throw new IllegalArgumentException(parameter);
    };
  }
}
