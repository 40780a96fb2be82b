package org.wordmill.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.wordmill.kernel.Tensor;

/**
 * One thread makes the local steps of every replica, one after the other. This is the reference
 * that all other ways must agree with.
 */
final class LocalRounds implements RoundSync {
  private final TrainingState state;
  private final LocalSync validation;
  private final TrainingStep trainingStep;
  private final ModelWorkspace workspace;
  private final RoundMean mean;
  private List<TrainedReplica> trained = List.of();

  /** What they have come to, by replica. */
  private final List<List<float[]>> vectors = new ArrayList<>();

  /**
   * @param training the texts of the configuration's mix; without one, a single corpus
   */
  LocalRounds(TrainingState state, List<Tokens> training, Tokens validation) {
    TrainingConfig config = state.config();
    this.state = state;
    this.validation = new LocalSync(state, training, validation);
    this.trainingStep = new TrainingStep(Examples.training(config, training), config);
    this.workspace = new ModelWorkspace(state.model(), state.kernels(), config.recompute());
    this.mean = new RoundMean(state);
  }

  @Override
  public String name() {
    return "local rounds";
  }

  @Override
  public Round train(long first) {
    TrainingConfig config = state.config();
    List<TrainedReplica> replicas = new ArrayList<>();
    vectors.clear();
    for (int partition = 0; partition < config.batching().partitions(); partition++) {
      Replica replica =
          new Replica(
              workspace,
              trainingStep,
              config.optimization(),
              partition,
              state.optimizer().updates());
      Iterator<Tensor> now = state.replicated().values().iterator();
      replica.vectors().forEach(vector -> vector.copyFrom(now.next()));
      for (int i = 0; i < config.outer().localSteps(); i++) {
        replica.step(first + i);
      }
      replicas.add(replica.result());
      vectors.add(replica.vectors().stream().map(Tensor::toFloats).toList());
    }
    trained = replicas;
    return Round.of(replicas);
  }

  @Override
  public void update() {
    mean.apply(
        trained,
        (replica, vector, from, into) ->
            System.arraycopy(vectors.get(replica).get(vector), from, into, 0, into.length));
    vectors.clear();
  }

  @Override
  public BatchSum validate(long step) {
    return validation.validate(step);
  }

  @Override
  public void close() {}
}
