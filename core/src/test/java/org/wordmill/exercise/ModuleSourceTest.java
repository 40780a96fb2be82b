package org.wordmill.exercise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.tape.GradientCheck;

/** The guide's page "add a module" works as it stands, and so do the exercises. */
class ModuleSourceTest {
  private static final Path GUIDE = Path.of("docs", "guide");
  private static final GradientCheck CHECK = new GradientCheck(1, 100);

  @TempDir private Path folder;

  /** Does what the page says: the code of the page into a file of that name, and the check. */
  @Test
  void theExampleOfThePageAddAModuleCompilesAndPassesTheGradientCheck() throws IOException {
    List<String> page = Files.readAllLines(GUIDE.resolve("add-a-module.md"));
    int begin = page.indexOf("```java") + 1;
    List<String> code = new ArrayList<>();
    for (int i = begin; !page.get(i).equals("```"); i++) {
      code.add(page.get(i));
    }
    Path file = Files.write(folder.resolve("Scale.java"), code);
    GradientCheck.Report report = CHECK.check(ModuleSource.gradientCheck(file));
    assertThat(report.ok()).as(report.toString()).isTrue();
    assertThat(report.elements()).isEqualTo(6 + 3);
  }

  @TestFactory
  List<DynamicTest> everyExerciseIsWrongUntilItsBlankIsFilled() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(GUIDE.resolve("exercises"))) {
      for (Path blank : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        Path solution = blank.resolveSibling("solutions").resolve(blank.getFileName());
        tests.add(
            DynamicTest.dynamicTest(
                blank.getFileName().toString(),
                () -> {
                  GradientCheck.Report before = CHECK.check(ModuleSource.gradientCheck(blank));
                  GradientCheck.Report after = CHECK.check(ModuleSource.gradientCheck(solution));
                  assertThat(before.ok()).as(before.toString()).isFalse();
                  assertThat(after.ok()).as(after.toString()).isTrue();
                  assertThat(Files.readString(blank)).contains("// The blank");
                  assertThat(outsideOfBackward(blank)).isEqualTo(outsideOfBackward(solution));
                }));
      }
    }
    assertThat(tests).hasSizeGreaterThanOrEqualTo(3);
    return tests;
  }

  private static List<String> outsideOfBackward(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    int begin = lines.indexOf("  protected void backward(Call call) {");
    int end = begin + lines.subList(begin, lines.size()).indexOf("  }");
    List<String> outside = new ArrayList<>(lines.subList(0, begin));
    outside.addAll(lines.subList(end, lines.size()));
    return outside;
  }

  @Test
  void whatDoesNotCompileIsToldWithItsLine() throws IOException {
    Path file = Files.writeString(folder.resolve("Broken.java"), "public class Broken {\n  x\n}\n");
    assertThatThrownBy(() -> ModuleSource.gradientCheck(file))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_INPUT))
        .hasMessageContaining("Broken.java:2")
        .hasMessageContaining("does not compile");
  }

  @Test
  void aFileThatLacksTheClassOrTheMethodIsRefused() throws IOException {
    assertRefused("Empty.java", "public class Empty {}", "no public static method gradientCheck");
    assertRefused("Other.java", "class Another {}", "no class Other");
    assertRefused(
        "Typed.java",
        "public class Typed { public static int gradientCheck() { return 1; } }",
        "returns no GradientCheck.Case");
    assertRefused(
        "Thrown.java",
        "public class Thrown { public static org.wordmill.tape.GradientCheck.Case"
            + " gradientCheck() { throw new IllegalStateException(\"no\"); } }",
        "failed: java.lang.IllegalStateException: no");
    assertThatThrownBy(() -> ModuleSource.gradientCheck(folder.resolve("Nowhere.java")))
        .isInstanceOfSatisfying(
            WordmillException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.STORAGE));
  }

  private void assertRefused(String name, String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    assertThatThrownBy(() -> ModuleSource.gradientCheck(file))
        .isInstanceOf(WordmillException.class)
        .hasMessageContaining(message);
  }
}
