package org.wordmill.train;

import java.io.Serializable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Default;

/**
 * Gradient sparsification with error feedback: of the gradient of each partition only the elements
 * of largest magnitude go to those who add gradients up; the rest is held back, and added to the
 * gradient of the next step. The elements are chosen in each block of {@value VectorBlocks#SIZE} by
 * itself, so that no worker has to know more than a block.
 *
 * <p>What is held back is not part of a checkpoint, where it would be as long as the parameters for
 * every partition. Instead the last step of every period sends all that there is, so that a
 * checkpoint between periods is the whole state of a run, and a run that goes on from it has the
 * bits of the unbroken one.
 *
 * <p>Source: Stich, Cordonnier and Jaggi, Sparsified SGD with memory; Lin et al., Deep gradient
 * compression.
 *
 * @param density the share of elements that is sent, in (0, 1]; 1 for all, and nothing is held back
 * @param period in steps, from one that sends all to the next
 */
public record TopK(@Default("1") double density, @Default("100") int period)
    implements Serializable {

  /** All elements are sent. */
  public static final TopK NONE = new TopK(1, 100);

  public TopK {
    if (!(density > 0 && density <= 1)) {
      throw new IllegalArgumentException(
          "the density of gradients must be in (0, 1], got " + density);
    }
    if (period < 2) {
      throw new IllegalArgumentException(
          "a period has 2 steps or more, so that one may hold something back; got " + period);
    }
    if (density == 1 && period != 100) {
      throw new IllegalArgumentException("a period needs top_k.density below 1");
    }
  }

  /** Whether something is held back. */
  public boolean isPresent() {
    return density < 1;
  }

  /** How many of a block's elements are sent. */
  int of(int elements) {
    return Math.max(1, (int) Math.ceil(density * elements));
  }

  /** The period of a step, which is counted from 0. */
  long periodOf(long step) {
    return step / period;
  }

  /** Whether a step, counted from 0, sends all elements. */
  boolean sendsAll(long step) {
    return (step + 1) % period == 0;
  }

  /**
   * Checks that everything that needs the whole state of a run happens between periods, and that
   * there are gradients to send at every step.
   *
   * @throws WordmillException USAGE
   */
  public void requireFitting(Schedule schedule, OuterStep outer) {
    if (!isPresent()) {
      return;
    }
    String setting = "top_k.density = " + density;
    if (outer.isPresent()) {
      throw new WordmillException(
          ExitCode.USAGE,
          "replicas that make local steps send parameters, and no gradients to hold back",
          setting + ", outer.local_steps = " + outer.localSteps(),
          "set outer.local_steps=0, or top_k.density=1");
    }
    schedule.requireMultiplesOf(
        period,
        "a part of the gradients is held back until the end of every " + period + " steps",
        "top_k.period = " + period,
        "another period");
  }
}
