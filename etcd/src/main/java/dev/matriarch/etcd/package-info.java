/** Cluster state in etcd: keys, leases, watches, transactions. */
package dev.matriarch.etcd;
