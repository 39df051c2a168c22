using System.CommandLine;
using System.Runtime;
using System.Text.Json;
using WebhookKit.LoadTest.Beside;
using WebhookKit.LoadTest.Floors;
using WebhookKit.LoadTest.Publish;
using WebhookKit.LoadTest.Receive;
using WebhookKit.LoadTest.Receivers;
using WebhookKit.LoadTest.Senders;

namespace WebhookKit.LoadTest.Processes;

/// <summary>The hidden command behind <see cref="RoleProcess"/>.</summary>
internal static class RoleCommand
{
    public const string Name = "role";

    /// <summary>The question that every role answers alike.</summary>
    public const string CompiledMethods = "compiled methods";

    private static readonly Dictionary<string, Func<JsonElement, Task<Role>>> Roles = new()
    {
        [ReceiverRole.Name] = ReceiverRole.CreateAsync,
        [SenderRole.Name] = SenderRole.CreateAsync,
        [FloorRole.Name] = FloorRole.CreateAsync,
        [PublisherRole.Name] = PublisherRole.CreateAsync,
        [WebRole.Name] = WebRole.CreateAsync,
        [BesideHostRole.Name] = BesideHostRole.CreateAsync,
    };

    public static Command Create()
    {
        var role = new Argument<string>("role");
        role.AcceptOnlyFromAmong([.. Roles.Keys]);
        var command = new Command(Name, "Takes a part in a measurement; started by the other commands.") { role };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(Roles[parsed.GetValue(role)!], cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Func<JsonElement, Task<Role>> create, CancellationToken cancellationToken)
    {
        Role? role = null;
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            var question = JsonSerializer.Deserialize<Question>(line, Json.Options)!;
            Answer answer;
            try
            {
                object? value = null;
                if (role is null)
                {
                    role = await create(question.Argument);
                }
                else if (question.Name == CompiledMethods)
                {
                    value = JitInfo.GetCompiledMethodCount();
                }
                else
                {
                    value = await role.AnswerAsync(question.Name, question.Argument, cancellationToken);
                }

                answer = new Answer(JsonSerializer.SerializeToElement(value ?? new Nothing(), Json.Options));
            }
            catch (Exception exception)
            {
                answer = new Answer(default, exception.ToString());
            }

            Console.WriteLine(answer.Error is null
                ? JsonSerializer.Serialize(answer, Json.Options)
                : JsonSerializer.Serialize(new { answer.Error }, Json.Options));
        }

        if (role is not null)
        {
            await role.DisposeAsync();
        }

        return 0;
    }
}
