package org.wordmill.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the teaching guide, with the fenced blocks that a test holds to something: each such
 * block stands right below a comment line that says what it is.
 *
 * <pre>
 * &lt;!-- quote PATH#NAME --&gt;    the lines of a declaration, see {@link SourceQuote}
 * &lt;!-- output --&gt;             a command and exactly what it prints, run by a test of submit
 * &lt;!-- sample --&gt;             a command and what it printed once; the test reads its options only
 * </pre>
 *
 * @param lines of the file
 */
public record GuidePage(Path file, List<String> lines) {
  private static final Path FOLDER = Path.of("docs", "guide");
  private static final Pattern MARKER =
      Pattern.compile("<!-- (quote|output|sample)(?: ([^ ]+))? -->");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(#[^)\\s]*)?\\)");
  private static final String FENCE = "```";

  /**
   * A fenced block under a marker.
   *
   * @param kind {@code quote}, {@code output} or {@code sample}
   * @param argument what the marker names; empty where it names nothing
   * @param from the index of the first line inside the fence
   * @param content the lines inside the fence
   */
  public record Block(String kind, String argument, int from, List<String> content) {}

  /**
   * All pages, the index first.
   *
   * @param core the folder of the module core
   */
  public static List<GuidePage> all(Path core) {
    Path folder = core.resolve(FOLDER);
    try (Stream<Path> files = Files.list(folder)) {
      List<GuidePage> pages = new ArrayList<>();
      for (Path file : files.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
        boolean index = file.equals(folder.resolve("README.md"));
        pages.add(index ? 0 : pages.size(), new GuidePage(file, Files.readAllLines(file)));
      }
      return pages;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String name() {
    return file.getFileName().toString();
  }

  /** The blocks under markers, in their order. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher marker = MARKER.matcher(lines.get(i));
      if (!marker.matches()) {
        continue;
      }
      if (i + 1 >= lines.size() || !lines.get(i + 1).startsWith(FENCE)) {
        throw new IllegalStateException(
            file + ":" + (i + 1) + ": a block between fences has to follow the marker");
      }
      int end = i + 2;
      while (!lines.get(end).equals(FENCE)) {
        end++;
      }
      String argument = marker.group(2) == null ? "" : marker.group(2);
      blocks.add(
          new Block(marker.group(1), argument, i + 2, List.copyOf(lines.subList(i + 2, end))));
      i = end;
    }
    return blocks;
  }

  /** The files that this page links to, without addresses of the web. */
  public List<Path> links() {
    List<Path> links = new ArrayList<>();
    for (String line : lines) {
      Matcher link = LINK.matcher(line);
      while (link.find()) {
        if (!link.group(1).contains(":")) {
          links.add(file.resolveSibling(link.group(1)).normalize());
        }
      }
    }
    return links;
  }

  /** Writes this page with other contents of a block. */
  public GuidePage with(Block block, List<String> content) {
    List<String> changed = new ArrayList<>(lines.subList(0, block.from()));
    changed.addAll(content);
    changed.addAll(lines.subList(block.from() + block.content().size(), lines.size()));
    try {
      Files.write(file, changed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GuidePage(file, changed);
  }
}
