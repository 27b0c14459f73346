namespace RolloutTrace.Cli;

/// <summary>What is said of the receiver, on the command line or in the environment, cannot be meant.</summary>
internal sealed class ReceiverOptionsException(string message, Exception? inner = null) : Exception(message, inner);
