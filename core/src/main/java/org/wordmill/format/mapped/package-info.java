/**
 * Files in the address space: bytes, numbers and bits at 64-bit offsets, beyond the 2 GB of a
 * buffer. What the bytes mean is the business of the formats.
 */
@NullMarked
package org.wordmill.format.mapped;

import org.jspecify.annotations.NullMarked;
