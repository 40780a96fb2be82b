/** Complete models and the records that configure them. Spark does not belong here. */
@NullMarked
package org.wordmill.model;

import org.jspecify.annotations.NullMarked;
