package org.wordmill.trainer;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.wordmill.train.BatchSum;

/**
 * What a task has summed up over one partition of a batch.
 *
 * @param partition counted from 0
 * @param seconds the task spent computing
 * @param inputSeconds of these, spent in getting tokens
 */
record PartialSum(int partition, BatchSum sum, double seconds, double inputSeconds) {

  void write(Output output) {
    output.writeInt(partition);
    output.writeDouble(sum.loss());
    output.writeLong(sum.tokens());
    output.writeDouble(seconds);
    output.writeDouble(inputSeconds);
  }

  static PartialSum read(Input input) {
    return new PartialSum(
        input.readInt(),
        new BatchSum(input.readDouble(), input.readLong()),
        input.readDouble(),
        input.readDouble());
  }
}
