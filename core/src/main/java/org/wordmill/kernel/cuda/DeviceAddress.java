package org.wordmill.kernel.cuda;

import org.bytedeco.javacpp.Pointer;

/** An address as the CUDA presets take it; it owns nothing. */
final class DeviceAddress extends Pointer {
  DeviceAddress(long address) {
    super((Pointer) null);
    this.address = address;
  }
}
