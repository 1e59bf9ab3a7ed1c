package dev.matriarch.cli;

import picocli.CommandLine.Command;

/** The dynamic configuration of a running cluster. */
@Command(
    name = "config",
    description = "The configuration of a cluster: what runs, and what follows from pg_rto.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      ConfigShowCommand.class,
      ConfigSetCommand.class,
      ConfigEditCommand.class,
      ConfigTimingCommand.class,
      ConfigMonitoringCommand.class
    })
final class ConfigCommand {}
