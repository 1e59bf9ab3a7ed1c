/** Ties a test to the promise of the seed documents that it shows. */
package dev.matriarch.promises;
