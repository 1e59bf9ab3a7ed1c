package dev.matriarch.inventory;

/** How HAProxy spreads connections over the members of a service. */
public enum Balance {
  ROUNDROBIN,
  LEASTCONN
}
