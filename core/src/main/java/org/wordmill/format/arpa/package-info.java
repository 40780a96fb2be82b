/** The ARPA text format of back-off models: reading and writing. */
@NullMarked
package org.wordmill.format.arpa;

import org.jspecify.annotations.NullMarked;
