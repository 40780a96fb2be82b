package org.wordmill.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the guide quotes is in the source, word for word, and what it links to exists. With {@code
 * -Dguide=update} it writes the quotes anew instead.
 */
class GuideTest {
  private static final Path CORE = Path.of("");
  private static final Path ROOT = Path.of("..");
  private static final boolean UPDATE = System.getProperty("guide", "").startsWith("update");

  /** A page is to be read on one screen, so it shows about twenty lines of code at a time. */
  private static final int LONGEST_QUOTE = 45;

  private static final int LONGEST_FILE = 75;

  private static final List<String> SECTIONS =
      List.of("## Formula", "## Code", "## Command", "## Exercise");

  @TestFactory
  List<DynamicTest> everyQuoteIsInTheSource() {
    List<DynamicTest> tests = new ArrayList<>();
    for (GuidePage page : GuidePage.all(CORE)) {
      tests.add(DynamicTest.dynamicTest(page.name(), () -> compareQuotes(page)));
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private static void compareQuotes(GuidePage page) throws IOException {
    GuidePage current = page;
    for (int i = 0; i < page.blocks().size(); i++) {
      GuidePage.Block block = current.blocks().get(i);
      if (!block.kind().equals("quote")) {
        continue;
      }
      List<String> source = SourceQuote.of(ROOT, block.argument()).lines();
      assertThat(source)
          .as(page.name() + " quotes too much: " + block.argument())
          .hasSizeLessThanOrEqualTo(block.argument().contains("#") ? LONGEST_QUOTE : LONGEST_FILE);
      if (UPDATE) {
        current = current.with(block, source);
      } else {
        assertThat(block.content())
            .as(page.name() + " quotes " + block.argument())
            .isEqualTo(source);
      }
    }
  }

  @Test
  void everyLinkLeadsSomewhere() {
    for (GuidePage page : GuidePage.all(CORE)) {
      assertThat(page.links()).as(page.name()).allSatisfy(f -> assertThat(f).exists());
    }
  }

  @Test
  void theIndexLeadsToEveryPage() {
    List<GuidePage> pages = GuidePage.all(CORE);
    assertThat(pages.get(0).links())
        .containsAll(pages.stream().skip(1).map(GuidePage::file).toList());
  }

  @Test
  void everyPageHasAFormulaItsCodeACommandAndAnExercise() {
    for (GuidePage page : GuidePage.all(CORE).subList(1, GuidePage.all(CORE).size())) {
      assertThat(page.lines()).as(page.name()).containsSubsequence(SECTIONS);
      assertThat(page.blocks())
          .as(page.name() + " quotes no code or has no command")
          .extracting(GuidePage.Block::kind)
          .contains("quote")
          .containsAnyOf("output", "sample");
    }
  }

  @Test
  void aQuoteIsFoundByItsNameAndLosesItsIndentation() throws IOException {
    Path source =
        Files.writeString(
            Files.createTempFile("quote", ".java"),
            """
            /**
             * Twice.
             *
             * <pre>
             * forward   y = 2 x
             * </pre>
             */
            final class Twice {
              int call() {
                return of(3);
              }

              static int of(int x) {
                int y = 2 * x;

                return y;
              }
            }
            """);
    assertThat(quote(source + "#of"))
        .containsExactly("static int of(int x) {", "  int y = 2 * x;", "", "  return y;", "}");
    assertThat(quote(source + "#formula")).containsExactly("forward   y = 2 x");
    assertThat(quote(source + "#Twice")).hasSize(11);
    assertThat(quote(source.toString())).hasSize(18);
    Files.delete(source);
  }

  private static List<String> quote(String reference) throws IOException {
    return SourceQuote.of(ROOT, reference).lines();
  }
}
