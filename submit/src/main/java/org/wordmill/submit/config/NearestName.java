package org.wordmill.submit.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * The name that somebody who mistyped probably meant: the nearest by optimal string alignment
 * distance (insertions, deletions, substitutions, and swaps of neighbours cost one each).
 */
public final class NearestName {
  private NearestName() {}

  /** The nearest of {@code names}, if it is near enough to be a slip: half of the letters. */
  public static Optional<String> of(String mistyped, Collection<String> names) {
    return names.stream()
        .min(Comparator.comparingInt((String name) -> distance(mistyped, name)))
        .filter(name -> 2 * distance(mistyped, name) <= Math.max(2, mistyped.length()));
  }

  /** "did you mean X?", or what there is when nothing is near. */
  public static String remedy(String mistyped, Collection<String> names) {
    return of(mistyped, names)
        .map(name -> "did you mean " + name + "?")
        .orElse("the choices are " + String.join(", ", names));
  }

  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + substitution);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
