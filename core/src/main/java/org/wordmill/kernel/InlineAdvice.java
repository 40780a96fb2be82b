package org.wordmill.kernel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the JVM's compiler to inline the small vector functions into the loops that use them, and
 * to leave each loop a method of its own.
 *
 * <p>Vectors stay in registers only where everything that touches them is inlined into one method.
 * Left alone, the compiler fails at that in two ways, some runs and not others, and then makes
 * several objects for every vector: a function that was hot before its loop was compiled by itself,
 * and is found too large to inline; and when the callers of a loop become hot in turn, they inline
 * the loop and then run out of their budget in the middle of it. Compiler directives forbid both,
 * and can be given to a running JVM, so that nobody has to start executors with special options.
 *
 * <p>Source: Java Platform, Writing directives (jcmd Compiler.directives_add).
 */
final class InlineAdvice {
  private static final Logger LOG = LoggerFactory.getLogger(InlineAdvice.class);

  private static final String DIRECTIVES =
      """
      [{
        match: "org/wordmill/*.*",
        inline: [
          "+org/wordmill/kernel/Lanes.*",
          "+org/wordmill/kernel/FusedActivation.*(Ljdk/incubator/vector/FloatVector;",
          "+org/wordmill/kernel/FusedVectors.*(Ljdk/incubator/vector/FloatVector;",
          "+org/wordmill/kernel/FusedAdamW.*(Ljdk/incubator/vector/FloatVector;",
          "+org/wordmill/kernel/FusedDropout.factors",
          "+org/wordmill/kernel/FusedDropout.mix",
          "-org/wordmill/kernel/FusedActivation.*(Ljava/nio/ByteBuffer;",
          "-org/wordmill/kernel/FusedVectors.*(Ljava/nio/ByteBuffer;",
          "-org/wordmill/kernel/FusedAdamW.*(Ljava/nio/ByteBuffer;",
          "-org/wordmill/kernel/FusedSoftmax.*(Ljava/nio/ByteBuffer;",
          "-org/wordmill/kernel/FusedSoftmax.*(Lorg/wordmill/kernel/Tensor;",
          "-org/wordmill/kernel/FusedNorm.*(Lorg/wordmill/kernel/Tensor;",
          "-org/wordmill/kernel/FusedAttention.*(Ljava/nio/ByteBuffer;",
          "-org/wordmill/kernel/FusedPooling.*(Ljava/nio/ByteBuffer;",
          "-org/wordmill/kernel/FusedDropout.apply*"
        ]
      }]
      """;

  private InlineAdvice() {}

  /** The virtual machine runs the initializer of a class once, whichever thread comes first. */
  private static final class Given {
    static {
      give();
    }

    static void done() {}
  }

  /** Gives the advice when it is first called; on JVMs that take none, says so. */
  static void giveOnce() {
    Given.done();
  }

  private static void give() {
    try {
      Path file = Files.createTempFile("wordmill", ".directives");
      try {
        Files.writeString(file, DIRECTIVES, StandardCharsets.UTF_8);
        Object answer =
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "compilerDirectivesAdd",
                    new Object[] {new String[] {file.toString()}},
                    new String[] {String[].class.getName()});
        LOG.debug("compiler directives for the fused kernels: {}", answer);
      } finally {
        Files.delete(file);
      }
    } catch (JMException | IOException e) {
      LOG.info("the compiler of this JVM takes no directives; vector loops may run slower: {}", e);
    }
  }
}
