namespace RolloutTrace.Cli;

/// <summary>What is said of the receiver, on the command line or in the environment, cannot be meant.</summary>
internal sealed class ReceiverException(string message, Exception? inner = null) : Exception(message, inner);
