package org.wordmill.submit.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.wordmill.guide.GuidePage;

/**
 * The commands of the teaching guide print what the guide says they print. With {@code
 * -Dguide=update} their outputs are written into the guide instead, with {@code update-samples}
 * those of the long commands too, and {@code -Dguide.page=NAME.md} does one page only.
 */
class GuideCommandsTest {
  private static final Path CORE = Path.of("..", "core");
  private static final String PROMPT = "$ wordmill ";
  private static final String GUIDE = "core/docs/guide/";
  private static final String WORK = "wordmill-guide/";

  /** As long as the name in the guide, so that the columns of tables are as wide. */
  private static final String FOLDER = "target/guide-w/";

  private static final String MODE = System.getProperty("guide", "");
  private static final String ONLY = System.getProperty("guide.page", "");

  @TestFactory
  List<DynamicTest> everyCommandPrintsWhatThePageSays() {
    List<DynamicTest> tests = new ArrayList<>();
    for (GuidePage page : GuidePage.all(CORE)) {
      if (ONLY.isEmpty() || ONLY.equals(page.name())) {
        tests.add(DynamicTest.dynamicTest(page.name(), () -> run(page)));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private void run(GuidePage page) throws IOException {
    empty(Path.of(FOLDER));
    GuidePage current = page;
    for (int i = 0; i < page.blocks().size(); i++) {
      GuidePage.Block block = current.blocks().get(i);
      if (block.kind().equals("quote")) {
        continue;
      }
      List<List<String>> commands = commands(block);
      assertThat(commands).as(page.name() + " has a block without " + PROMPT).isNotEmpty();
      boolean runs = block.kind().equals("output") || MODE.equals("update-samples");
      if (!runs) {
        commands.forEach(GuideCommandsTest::requireUsable);
        continue;
      }
      List<String> printed = new ArrayList<>();
      for (List<String> command : commands) {
        printed.addAll(command);
        printed.addAll(output(page, command));
      }
      if (MODE.startsWith("update")) {
        current = current.with(block, printed);
      } else {
        assertThat(printed).as(page.name()).isEqualTo(block.content());
      }
    }
  }

  /** The lines of each command, of which the last does not end with a backslash. */
  private static List<List<String>> commands(GuidePage.Block block) {
    List<List<String>> commands = new ArrayList<>();
    boolean goesOn = false;
    for (String line : block.content()) {
      if (line.startsWith(PROMPT)) {
        commands.add(new ArrayList<>());
      }
      if (line.startsWith(PROMPT) || goesOn) {
        commands.get(commands.size() - 1).add(line);
        goesOn = line.endsWith("\\");
      }
    }
    return commands;
  }

  private List<String> output(GuidePage page, List<String> command) {
    Ran ran = Ran.wordmill(arguments(command).toArray());
    assertThat(ran.exitCode())
        .as(page.name() + ": " + String.join("\n", command) + "\n" + ran.err())
        .isZero();
    return ran.out()
        .replace(FOLDER, WORK)
        .replace(guide(), GUIDE)
        .lines()
        .map(String::stripTrailing)
        .toList();
  }

  private static void requireUsable(List<String> command) {
    assertThat(Program.understands(arguments(command)))
        .as("the command line knows " + command)
        .isTrue();
  }

  /** The words of a command as a shell would see them, with the folders of this test. */
  private static List<String> arguments(List<String> command) {
    String line = String.join("\n", command).substring(PROMPT.length()).replace("\\\n", " ");
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    boolean inWord = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\'') {
        quoted = !quoted;
        inWord = true;
      } else if (c == ' ' && !quoted) {
        if (inWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        inWord = false;
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words.stream().map(w -> w.replace(WORK, FOLDER).replace(GUIDE, guide())).toList();
  }

  /** Each page begins with an empty folder. */
  private static void empty(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Files.createDirectories(folder);
  }

  private static String guide() {
    return CORE.resolve("docs/guide") + "/";
  }
}
