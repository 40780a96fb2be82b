package org.wordmill.train;

import java.io.Serializable;
import org.wordmill.error.ExitCode;
import org.wordmill.error.WordmillException;
import org.wordmill.format.json.Default;
import org.wordmill.optim.Sgd;

/**
 * Training that communicates seldom: each partition of the batch is a replica of the model, which
 * makes H steps of its own with the optimizer of the configuration, and only then they meet. With w
 * the parameters before such a round, and w' the mean of the replicas' after it,
 *
 * <pre>
 * d = w - w'        b = momentum b + d        w -= rate (d + momentum b)
 * </pre>
 *
 * <p>Rate 1 without momentum, the default, makes the mean the new parameters: parameter averaging.
 * Means are weighted with the targets that a replica has trained on. The optimizer's state is
 * averaged as the parameters are, and every replica begins the next round with the mean.
 *
 * <p>Source: Douillard et al., DiLoCo: Distributed low-communication training of language models,
 * with a rate of 0.7 and a momentum of 0.9; there each replica keeps an optimizer's state of its
 * own. McMahan et al., Communication-efficient learning of deep networks from decentralized data.
 *
 * @param localSteps H; 0 where workers meet at every step, with their gradients
 * @param learningRate of the outer step
 * @param momentum Nesterov's, of the outer step; 0 for none
 */
public record OuterStep(
    @Default("0") int localSteps, @Default("1") double learningRate, @Default("0") double momentum)
    implements Serializable {

  /** Workers meet at every step. */
  public static final OuterStep NONE = new OuterStep(0, 1, 0);

  public OuterStep {
    if (localSteps < 0) {
      throw new IllegalArgumentException(
          "local steps are a number, or 0 for none, got " + localSteps);
    }
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      throw new IllegalArgumentException(
          "the outer learning rate must be finite and above 0, got " + learningRate);
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("the outer momentum must be in [0, 1), got " + momentum);
    }
    if (localSteps == 0 && (learningRate != 1 || momentum != 0)) {
      throw new IllegalArgumentException(
          "an outer learning rate or momentum needs outer.local_steps of 1 or more");
    }
  }

  /** Whether replicas make steps of their own. */
  public boolean isPresent() {
    return localSteps > 0;
  }

  /** Whether the mean of the replicas is what a round comes to. */
  boolean isPlain() {
    return learningRate == 1 && momentum == 0;
  }

  /** Whether there is a velocity to keep from round to round. */
  boolean hasMomentum() {
    return momentum > 0;
  }

  /** The formula above. */
  Sgd rule() {
    return new Sgd(momentum, hasMomentum(), 0);
  }

  /**
   * Checks that everything that needs the one state of a run happens between rounds.
   *
   * @throws WordmillException USAGE when it does not
   */
  public void requireFitting(Schedule schedule, Optimization optimization) {
    if (!isPresent()) {
      return;
    }
    schedule.requireMultiplesOf(
        localSteps,
        "the replicas have one model only after every " + localSteps + " steps",
        "outer.local_steps = " + localSteps,
        "other local steps");
    if (optimization.spikeThreshold() > 0) {
      throw new WordmillException(
          ExitCode.USAGE,
          "replicas that make local steps cannot tell outliers from the losses of all",
          "outer.local_steps = " + localSteps + ", optimization.spike_threshold",
          "set optimization.spike_threshold=0, or outer.local_steps=0");
    }
  }
}
