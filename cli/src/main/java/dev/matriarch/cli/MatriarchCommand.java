package dev.matriarch.cli;

import picocli.CommandLine.Command;

/** The command itself. A new verb is a class of its own and one line in the list below. */
@Command(
    name = "matriarch",
    description = "From one inventory file to highly available PostgreSQL clusters.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      DemoCommand.class,
      ValidateCommand.class,
      ListCommand.class,
      StatusCommand.class,
      TopologyCommand.class,
      SwitchoverCommand.class,
      FailoverCommand.class,
      RestartCommand.class,
      ReloadCommand.class,
      ReinitCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      HistoryCommand.class,
      DrillCommand.class,
      AuditCommand.class,
      ExplainCommand.class,
      ReplayCommand.class,
      SimulateCommand.class,
      ConfigCommand.class,
      ServiceCommand.class,
      VipCommand.class,
      NodeCommand.class,
      AgentCommand.class,
      BenchCommand.class,
      NamesCommand.class,
      TestCommand.class,
      CompletionCommand.class,
      RehearseCommand.class,
    })
final class MatriarchCommand {}
