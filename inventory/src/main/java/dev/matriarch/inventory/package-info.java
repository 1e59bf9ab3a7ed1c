/** What the operator declares, checked: clusters, services, instances, nodes, databases, roles. */
package dev.matriarch.inventory;
