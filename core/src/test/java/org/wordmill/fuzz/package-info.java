/** What fuzz tests of all readers share; the tests stand beside their readers. */
package org.wordmill.fuzz;
