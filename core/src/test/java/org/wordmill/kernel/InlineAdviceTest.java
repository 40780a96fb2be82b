package org.wordmill.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class InlineAdviceTest {

  @Test
  void theCompilerTakesTheDirectivesOnce() throws Exception {
    InlineAdvice.giveOnce();
    InlineAdvice.giveOnce();
    String directives =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "compilerDirectivesPrint",
                    new Object[0],
                    new String[0]);
    // Once for each of the two compilers.
    assertThat(directives.split("\\+org/wordmill/kernel/Lanes", -1)).hasSize(3);
    assertThat(directives).contains("-org/wordmill/kernel/FusedActivation.*(Ljava/nio/ByteBuffer;");
  }
}
