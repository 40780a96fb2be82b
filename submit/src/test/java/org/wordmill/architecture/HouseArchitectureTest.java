package org.wordmill.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The arrows between the modules: submit knows the counter and the trainer, these know core and not
 * each other, and core knows none of them. The rules within core stand with core.
 */
@AnalyzeClasses(
    packages = "org.wordmill",
    importOptions = {ImportOption.DoNotIncludeTests.class, HouseArchitectureTest.NoTestJars.class})
class HouseArchitectureTest {
  /** Leaves out core's test classes where the build hands them over as a jar, not as a folder. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.matches(Pattern.compile(".*-tests\\.jar!.*"));
    }
  }

  private static final List<String> MODULES =
      List.of("core", "ngram-counter", "spark-trainer", "submit");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.wordmill.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobodyKnowsTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.wordmill.submit..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.wordmill.submit..", "picocli..", "com.typesafe..", "org.knowm..");

  @ArchTest
  static final ArchRule theCounterDoesNotKnowTheTrainer =
      noClasses()
          .that()
          .resideInAPackage("org.wordmill.counter..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.wordmill.trainer..");

  @ArchTest
  static final ArchRule theTrainerDoesNotKnowTheCounter =
      noClasses()
          .that()
          .resideInAPackage("org.wordmill.trainer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.wordmill.counter..");

  @ArchTest
  static final ArchRule countingLoadsNoNumericCode =
      noClasses()
          .that()
          .resideInAPackage("org.wordmill.counter..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.wordmill.kernel..", "org.wordmill.tape..");

  @ArchTest
  static final ArchRule onlyMainEndsTheVirtualMachine =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("org.wordmill.submit.Main")
          .should()
          .callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule nobodySetsTheMaster =
      noClasses().should().callMethod(org.apache.spark.SparkConf.class, "setMaster", String.class);

  @ArchTest
  static final ArchRule filesAreNotReadByDeserialisation =
      noClasses()
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "ObjectInputStream or Kryo's file-level readers",
                  (JavaClass c) -> c.getName().equals("java.io.ObjectInputStream")));

  @Test
  void everyPackageSaysWhichRoomOneIsInAndNoFileIsLongerThanFiveHundredLines() throws IOException {
    for (String module : MODULES) {
      Path sources = Path.of("..", module, "src");
      try (Stream<Path> files = Files.walk(sources)) {
        List<Path> java = files.filter(file -> file.toString().endsWith(".java")).toList();
        assertThat(java).as(module).isNotEmpty();
        for (Path file : java) {
          assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(500);
          if (file.startsWith(sources.resolve("main"))) {
            assertThat(file.resolveSibling("package-info.java")).exists();
          }
        }
      }
    }
  }
}
