/**
 * Settings: from HOCON text and presets to typed records, strictly. What the settings mean belongs
 * to the modules that own the records.
 */
@NullMarked
package org.wordmill.submit.config;

import org.jspecify.annotations.NullMarked;
