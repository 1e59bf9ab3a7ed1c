/** What members decided and why: recording, reading, telling, replaying. */
package dev.matriarch.chronicle;
