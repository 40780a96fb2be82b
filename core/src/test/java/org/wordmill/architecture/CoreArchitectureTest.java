package org.wordmill.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The walls of the house: which package may know which, and what nobody may do. */
@AnalyzeClasses(packages = "org.wordmill", importOptions = ImportOption.DoNotIncludeTests.class)
class CoreArchitectureTest {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("org.wordmill.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule languageModelsTextTablesAndFormatsDoNotKnowNd4j =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.wordmill.lm..",
              "org.wordmill.text..",
              "org.wordmill.ngram..",
              "org.wordmill.format..",
              "org.wordmill.error..",
              "org.wordmill.checkpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

  /** Layers of Deeplearning4j take ND4J's arrays and nothing else. */
  @ArchTest
  static final ArchRule onlyTheKernelsTouchNd4jBlasAndTheVectorApi =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.wordmill.kernel..", "org.wordmill.module.dl4j")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.bytedeco..", "jdk.incubator.vector..");

  @ArchTest
  static final ArchRule onlyTheKernelsMakeArraysOfNd4j =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.wordmill.kernel..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j.linalg.factory..", "org.bytedeco..");

  /** It is optional: what others need must not need it. */
  @ArchTest
  static final ArchRule deeplearning4jStaysInItsRoom =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.wordmill.module.dl4j")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.deeplearning4j..", "org.wordmill.module.dl4j");

  @ArchTest
  static final ArchRule sharedLanguageModelCodeKnowsNoParticularModel =
      noClasses()
          .that()
          .resideInAPackage("org.wordmill.lm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.wordmill.ngram..",
              "org.wordmill.kernel..",
              "org.wordmill.tape..",
              "org.wordmill.model..");

  @ArchTest
  static final ArchRule textKnowsNoModels =
      noClasses()
          .that()
          .resideInAPackage("org.wordmill.text..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.wordmill.lm..", "org.wordmill.ngram..", "org.wordmill.model..");

  @ArchTest
  static final ArchRule theTapeKnowsNoLayer =
      noClasses()
          .that()
          .resideInAPackage("org.wordmill.tape..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.wordmill.module..", "org.wordmill.model..");

  @ArchTest
  static final ArchRule layersKnowNeitherModelsNorTraining =
      noClasses()
          .that()
          .resideInAPackage("org.wordmill.module..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.wordmill.model..", "org.wordmill.train..", "org.wordmill.optim..");

  @ArchTest
  static final ArchRule coreKnowsNeitherSparkNorHadoop =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "scala..");

  @ArchTest
  static final ArchRule nobodyEndsTheVirtualMachine =
      noClasses().should().callMethod(System.class, "exit", int.class);

  @ArchTest
  static final ArchRule nothingIsReadByJavaDeserialisation =
      noClasses()
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "java.io.ObjectInputStream",
                  (JavaClass c) -> c.getName().equals("java.io.ObjectInputStream")));

  @ArchTest
  static final ArchRule unseededRandomNumbersAreNotDrawn =
      noClasses().should().callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule faultsAreRuntimeExceptionsOfOneKind =
      classes()
          .that()
          .areAssignableTo(Throwable.class)
          .should()
          .resideInAnyPackage("org.wordmill.error..");

  @Test
  void everyPackageSaysWhichRoomOneIsIn() throws IOException {
    Path sources = Path.of("src/main/java");
    try (Stream<Path> files = Files.walk(sources)) {
      List<Path> undocumented =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
              .toList();
      assertThat(undocumented).isEmpty();
    }
  }

  @Test
  void noFileIsLongerThanFiveHundredLines() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).isNotEmpty();
      for (Path source : sources) {
        assertThat(Files.readAllLines(source)).as(source.toString()).hasSizeLessThanOrEqualTo(500);
      }
    }
  }
}
