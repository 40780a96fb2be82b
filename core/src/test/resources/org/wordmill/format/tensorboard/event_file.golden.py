"""Prints the golden bytes of EventFileTest, as tensorboard writes them: python3 event_file.golden.py"""
import io
import math

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter


class Keep(io.BytesIO):
    def close(self):
        pass


def scalars(wall_time, step, values):
    summary = summary_pb2.Summary()
    for tag, value in values:
        summary.value.add(tag=tag, simple_value=value)
    return event_pb2.Event(wall_time=wall_time, step=step, summary=summary)


out = Keep()
writer = RecordWriter(out)
for event in [
    event_pb2.Event(wall_time=1700000000.25, file_version="brain.Event:2"),
    scalars(1700000001.5, 1, [("train/loss", 4.5), ("train/żółw", math.nan)]),
    scalars(1700000002.5, 3_000_000_000, [("validation/loss", -0.1)]),
]:
    writer.write(event.SerializeToString())
writer.flush()
print(out.getvalue().hex())
