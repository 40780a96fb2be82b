package org.wordmill.submit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is, and what must not be, inside of the jar for spark-submit. */
class ShadedJarIT {
  private static List<String> entries() throws IOException {
    try (JarFile jar = new JarFile(Product.jar().toFile())) {
      return jar.stream().map(ZipEntry::getName).toList();
    }
  }

  @Test
  void whatTheClusterBringsIsNotInside() throws IOException {
    List<String> provided =
        List.of(
            "scala/",
            "org/apache/spark/",
            "org/apache/hadoop/",
            "com/esotericsoftware/",
            "com/fasterxml/jackson/",
            "org/slf4j/",
            "org/apache/logging/",
            "org/junit/");
    assertThat(entries()).noneMatch(name -> provided.stream().anyMatch(name::startsWith));
  }

  @Test
  void noClassIsThereTwiceForSpark() throws IOException {
    Set<String> ours = new HashSet<>(entries());
    ours.removeIf(name -> !name.endsWith(".class"));
    try (Stream<Path> jars = Files.list(Product.sparkHome().resolve("jars"))) {
      for (Path file : jars.toList()) {
        try (JarFile jar = new JarFile(file.toFile())) {
          assertThat(jar.stream().map(ZipEntry::getName).filter(ours::contains))
              .as("%s", file)
              .isEmpty();
        }
      }
    }
  }

  @Test
  void librariesThatOthersUseTooHaveNamesOfOurs() throws IOException {
    // Native code, and generated code of ND4J, knows these by their names.
    List<String> known =
        List.of(
            "org/wordmill/",
            "org/nd4j/",
            "org/deeplearning4j/",
            "org/bytedeco/",
            "org/tensorflow/",
            "tensorflow/",
            "onnx/",
            "com/sun/jna/",
            "oshi/",
            "org/jspecify/");
    assertThat(entries())
        .filteredOn(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
        .allMatch(name -> known.stream().anyMatch(name::startsWith))
        .contains("org/wordmill/shaded/picocli/CommandLine.class");
  }

  @Test
  void signaturesAndModuleDescriptorsAreNotInside() throws IOException {
    assertThat(entries())
        .noneMatch(name -> name.matches("META-INF/.*\\.(SF|DSA|RSA)"))
        .noneMatch(name -> name.endsWith("module-info.class"));
  }

  @Test
  void modulesNativesServicesPresetsAndLicenceAreInside() throws IOException {
    assertThat(entries())
        .contains(
            "org/wordmill/submit/Main.class",
            "org/wordmill/counter/NGramCounter.class",
            "org/wordmill/conf/shakespeare-char.conf",
            "org/wordmill/sample/train.txt",
            "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend",
            "META-INF/LICENSE")
        .anyMatch(
            name -> name.matches("org/nd4j/.*/libnd4jcpu\\.so|.*/(lib)?nd4jcpu\\.(so|dll|dylib)"));
  }

  @Test
  void sparkHomeHoldsSparkAndNothingOfOurs() throws IOException {
    try (Stream<Path> jars = Files.list(Product.sparkHome().resolve("jars"))) {
      List<String> names = jars.map(jar -> jar.getFileName().toString()).toList();
      assertThat(names)
          .anyMatch(name -> name.startsWith("spark-core_"))
          .anyMatch(name -> name.startsWith("slf4j-api-"))
          .anyMatch(name -> name.startsWith("jackson-databind-"))
          .noneMatch(name -> name.contains("nd4j") || name.contains("wordmill"));
    }
  }
}
