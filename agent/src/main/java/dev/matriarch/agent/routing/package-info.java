/** Tells the local HAProxy and PgBouncer at once what their own checks would find out later. */
package dev.matriarch.agent.routing;
