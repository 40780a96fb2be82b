/**
 * Modules that somebody wrote in a Java file of their own: compiled when needed, and checked like
 * those of the house. Nothing that ships with Wordmill is compiled this way.
 */
@NullMarked
package org.wordmill.exercise;

import org.jspecify.annotations.NullMarked;
