/**
 * JSON text: the one place that touches the JSON library. What the values mean belongs elsewhere.
 */
@NullMarked
package org.wordmill.format.json;

import org.jspecify.annotations.NullMarked;
