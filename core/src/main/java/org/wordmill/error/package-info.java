/**
 * What can go wrong in front of a user: one exception, its exit code, and the one line it prints.
 * Nothing else belongs here; programming errors stay ordinary Java exceptions.
 */
@NullMarked
package org.wordmill.error;

import org.jspecify.annotations.NullMarked;
