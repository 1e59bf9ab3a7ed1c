package dev.matriarch.cli;

import picocli.CommandLine.Command;

/** The services of running clusters. */
@Command(
    name = "service",
    description = "The services of a cluster: where they lead now, and why.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {ServiceListCommand.class, ServiceShowCommand.class, ServiceCheckCommand.class})
final class ServiceCommand {}
