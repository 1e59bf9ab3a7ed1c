package dev.matriarch.cli;

import picocli.CommandLine.Command;

/** The dynamic configuration of a running cluster. */
@Command(
    name = "config",
    description = "The dynamic configuration of a running cluster.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {ConfigShowCommand.class, ConfigSetCommand.class})
final class ConfigCommand {}
