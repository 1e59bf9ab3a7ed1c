/** Addresses that follow the leader, for as long as its lease lasts. */
package dev.matriarch.agent.vip;
