using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ServerlessReceiver;
using WebhookKit.Idempotency;
using WebhookKit.Verification;

// Stands for the host of the function: requests are lines of JSON, and so are the answers. Where none are given it sends
// itself some, from a partner who follows Standard Webhooks and from Slack.
const string PartnerSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const string SlackSecret = "8f742231b10e8888abcd99yyyzzz85a5";
var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
var file = Path.GetFullPath(args is [.., "--file", var given] ? given : "function.db");

#region services
var builder = new ServiceCollection();
builder.AddLogging();
builder.AddDbContext<FunctionDb>(options => options.UseSqlite($"Data Source={file}"));
builder.AddWebhooks().UseEntityFrameworkCore<FunctionDb>();
await using var services = builder.BuildServiceProvider();
#endregion

await using (var scope = services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<FunctionDb>().Database.EnsureCreatedAsync();
}

// Both live as long as the instance of the function, and may be called from many requests at once.
var transaction = services.GetRequiredService<IHandlerTransaction>();
using var partner = new WebhookFunction(WebhookProviders.StandardWebhooks, "partner", PartnerSecret, transaction);
using var slack = new WebhookFunction(WebhookProviders.Slack, "slack", SlackSecret, transaction);

Task<FunctionResponse> HandleAsync(FunctionRequest request) => request.RawPath switch
{
    "/hooks/partner" => partner.HandleAsync(request),
    "/hooks/slack" => slack.HandleAsync(request),
    _ => Task.FromResult(new FunctionResponse(404)),
};

if (args.Contains("--requests"))
{
    while (await Console.In.ReadLineAsync() is { Length: > 0 } line)
    {
        Console.WriteLine(JsonSerializer.Serialize(await HandleAsync(JsonSerializer.Deserialize<FunctionRequest>(line, json)!), json));
    }
}
else
{
    foreach (var (name, request) in await Demonstration.CreateAsync(PartnerSecret, SlackSecret))
    {
        var response = await HandleAsync(request);
        Console.WriteLine($"{name}: {response.StatusCode} {response.Body}".TrimEnd());
    }
}

await using (var scope = services.CreateAsyncScope())
{
    Console.WriteLine($"{await scope.ServiceProvider.GetRequiredService<FunctionDb>().Received.CountAsync()} received");
}
