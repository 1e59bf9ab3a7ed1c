/** One PostgreSQL server in hand. */
package dev.matriarch.postgres;
