namespace WebhookKit.Cli;

// Written out: top-level statements in a project that knows ASP.NET Core would make the class public.
internal static class Program
{
    private static Task<int> Main(string[] arguments) => CliApplication.RunAsync(arguments, CliHost.System);
}
