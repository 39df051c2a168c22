using System.Reflection;

namespace WebhookKit.Architecture.Tests.Packaging;

internal static class Dotnet
{
    /// <summary>What these tests, and so all packages, were built with.</summary>
    public static string Configuration { get; } =
        typeof(Dotnet).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>Returns what was printed; fails the test on any other exit code than zero.</summary>
    public static async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var command = await Command.RunAsync(folder, "dotnet", arguments);
        Assert.True(command.ExitCode == 0, $"dotnet {string.Join(' ', arguments)} ended with {command.ExitCode}:\n{command.Output}");
        return command.Output;
    }
}
