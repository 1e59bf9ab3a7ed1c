package dev.matriarch.cli;

import picocli.CommandLine.Command;

/** What concerns one node. */
@Command(
    name = "node",
    description = "Run or look after one node.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {NodeRunCommand.class, NodeReloadCommand.class, NodeRemoveCommand.class})
final class NodeCommand {}
