using RolloutTrace.Query;

using var output = new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
return QueryProgram.Run(args, output, Console.Error, Console.IsOutputRedirected ? 0 : Console.WindowWidth);
