/**
 * One PostgreSQL server in hand: make it, start it, stop it, promote it, rewind it, clone it, set
 * it and ask it. {@link dev.matriarch.postgres.PostgresServer} is the way in; everything it returns
 * or throws is a record or a sealed type of this package. Nothing here decides who leads.
 */
package dev.matriarch.postgres;
