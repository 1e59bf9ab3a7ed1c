package dev.matriarch.cli;

import picocli.CommandLine.Command;

/** What is tried before it is needed. */
@Command(
    name = "drill",
    description = "Try what must work one day, and measure it.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {DrillFailoverCommand.class})
final class DrillCommand {}
