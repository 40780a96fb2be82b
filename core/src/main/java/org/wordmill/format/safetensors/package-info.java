/**
 * Safetensors: named arrays in one file, a JSON header before their bytes. Reading trusts nothing
 * in the file. What the arrays mean belongs elsewhere.
 */
@NullMarked
package org.wordmill.format.safetensors;

import org.jspecify.annotations.NullMarked;
