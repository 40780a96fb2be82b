/**
 * Language models as parts of Spark programs: a spark.ml Transformer and an Estimator, a function
 * for Spark SQL, and the job that scores a whole corpus. Here is how models reach executors and
 * rows reach models; how models are estimated and trained is told in {@code org.wordmill.counter}
 * and {@code org.wordmill.trainer}, and no command line belongs here.
 *
 * <p><b>One table an executor.</b> A packed n-gram table is a file that is mapped into memory,
 * never an object that is sent: in local mode it is mapped where it lies; on a cluster an executor
 * fetches it once, and all its tasks share the mapping. An ARPA file is packed first, on the
 * driver. A trained model is read by each executor from the storage that all machines share.
 *
 * <p><b>Bytes, not strings.</b> A scorer gets the bytes that Spark holds, so malformed text meets
 * its policy, and nothing is decoded on the way.
 */
@NullMarked
package org.wordmill.ml;

import org.jspecify.annotations.NullMarked;
