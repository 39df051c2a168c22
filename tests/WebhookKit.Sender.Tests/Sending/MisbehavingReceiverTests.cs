using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using WebhookKit.Deliveries;
using WebhookKit.Sending;
using WebhookKit.Testing;
using static WebhookKit.Sender.Tests.Sending.Attempting;

namespace WebhookKit.Sender.Tests.Sending;

/// <summary>What an attempt comes to when the other side breaks, stalls, floods or lies, over real sockets.</summary>
public sealed class MisbehavingReceiverTests
{
    private const string Broken = "The connection broke before the response was complete.";
    private const string NotHttp = "The response was not valid HTTP.";
    private const string TooLong = "The headers of the response are longer than 32 KiB.";

    /// <summary>Where the connection breaks, how much has been said by then, and the status that was understood.</summary>
    public static TheoryData<string, string, int?> Breaks => new()
    {
        { "after the request", "", null },
        { "within the status line", "HTTP/1.1 2", null },
        { "within the headers", "HTTP/1.1 200 OK\r\nContent-Ty", null },
        { "before the end of the headers", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", null },
        { "before the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200 },
        { "within the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", 200 },
        { "within a chunk", "HTTP/1.1 500 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", 500 },
        { "before the last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", 200 },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task SendAsync_ResetAtAnyStage_IsABrokenConnection(string stage, string said, int? status)
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(said);
            connection.Reset();
        });

        AssertBroken(await SendAsync(receiver.Url), status);
        Assert.True(receiver.Requests == 1, $"One attempt is one request, also when it breaks {stage}.");
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task SendAsync_ClosedAtAnyStage_IsABrokenConnection(string stage, string said, int? status)
    {
        await using var receiver = RawReceiver.Answering(said);

        AssertBroken(await SendAsync(receiver.Url), status);
        Assert.True(receiver.Requests == 1, $"One attempt is one request, also when it breaks {stage}.");
    }

    [Fact]
    public async Task SendAsync_ResetBeforeTheRequestIsRead_IsABrokenOrNoConnection()
    {
        await using var receiver = new RawReceiver(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });

        AssertNeverThere(await SendAsync(receiver.Url));
    }

    [Fact]
    public async Task SendAsync_ResetBeforeItIsAccepted_IsABrokenOrNoConnection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = SendAsync($"http://{listener.LocalEndpoint}/");
        while (!listener.Pending())
        {
            await Task.Delay(5);
        }

        listener.Stop();

        AssertNeverThere(await sending);
    }

    [Fact]
    public async Task SendAsync_NobodyListens_CouldNotConnect()
    {
        using var nobody = ReservePort();

        var attempt = (await SendAsync($"http://{nobody.LocalEndPoint}/")).Attempt;

        Assert.Equal((AttemptOutcome.ConnectFailed, null, "No connection could be made."), (attempt.Outcome, attempt.StatusCode, attempt.Error));
    }

    [Fact]
    public async Task SendAsync_BrokenKeptConnection_IsNotTriedTwiceBehindTheAttempt()
    {
        var requests = 0;
        await using var receiver = new RawReceiver(async connection =>
        {
            while (true)
            {
                await connection.ReadRequestAsync();
                if (Interlocked.Increment(ref requests) == 2)
                {
                    connection.Reset();
                    return;
                }

                await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using var services = Build();

        Assert.Equal(AttemptOutcome.Succeeded, (await services.SendAsync(receiver.Url)).Attempt.Outcome);
        AssertBroken(await services.SendAsync(receiver.Url), null);
        Assert.Equal((1, 2), (receiver.Connections, receiver.Requests));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n")]
    [InlineData("HTTP/9.9 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: no name\r\n\r\n")]
    [InlineData("\0\0\u0012\u0004\0\0\0\0\0 that is no HTTP at all, whatever one makes of it\r\n\r\n")]
    public async Task SendAsync_NotHttp_IsAnInvalidResponse(string text)
    {
        await using var receiver = RawReceiver.Answering(text);

        var attempt = (await SendAsync(receiver.Url)).Attempt;

        Assert.Equal((AttemptOutcome.ResponseInvalid, null, NotHttp), (attempt.Outcome, attempt.StatusCode, attempt.Error));
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("5 5\r\nabcde\r\n")]
    [InlineData("5\r\nabcdeXX\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFFF\r\n")]
    public async Task SendAsync_NoSuchChunk_IsAnInvalidResponse(string chunk)
    {
        await using var receiver = RawReceiver.Answering($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}");

        var attempt = (await SendAsync(receiver.Url)).Attempt;

        Assert.Equal((AttemptOutcome.ResponseInvalid, 200), (attempt.Outcome, attempt.StatusCode));
    }

    [Fact]
    public async Task SendAsync_HeaderBomb_IsAnInvalidResponse()
    {
        string[] bombs =
        [
            $"X-Big: {new string('a', 40 * 1024)}\r\n",
            string.Concat(Enumerable.Range(0, 2_000).Select(n => $"X-Header-{n}: 0123456789\r\n")),
            new string('a', 64 * 1024),
        ];
        foreach (var bomb in bombs)
        {
            await using var receiver = RawReceiver.Answering($"HTTP/1.1 200 OK\r\n{bomb}\r\n");

            var attempt = (await SendAsync(receiver.Url)).Attempt;

            Assert.Equal((AttemptOutcome.ResponseInvalid, null, TooLong), (attempt.Outcome, attempt.StatusCode, attempt.Error));
        }
    }

    [Fact]
    public async Task SendAsync_EndlessHeaders_AreCutOff()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
            await connection.WriteForeverAsync("X-More: and more\r\n");
        });

        Assert.Equal(TooLong, (await SendAsync(receiver.Url)).Attempt.Error);
    }

    [Fact]
    public async Task SendAsync_TwoHundredInformationalResponses_AreNotTheAnswer()
    {
        await using var receiver = RawReceiver.Answering(
            string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 200))
            + "HTTP/1.1 204 No Content\r\n\r\n");

        var attempt = (await SendAsync(receiver.Url)).Attempt;

        Assert.Equal((AttemptOutcome.Succeeded, 204), (attempt.Outcome, attempt.StatusCode));
    }

    [Theory]
    [InlineData("informational responses", "", "HTTP/1.1 103 Early Hints\r\n\r\n")]
    [InlineData("a status line", "HTTP/1.1 200 ", "a")]
    [InlineData("a header", "HTTP/1.1 200 OK\r\nX-Slow: ", "a")]
    [InlineData("headers", "HTTP/1.1 200 OK\r\n", "X: y\r\n")]
    public async Task SendAsync_DrippingWhatComesBeforeTheBody_EndsWithTheDeadline(string what, string first, string drip)
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(first);
            await connection.WriteForeverAsync(drip, TimeSpan.FromMilliseconds(20));
        });

        var attempt = (await SendAsync(receiver.Url, options => options.AttemptTimeout = TimeSpan.FromSeconds(1))).Attempt;

        Assert.True(attempt.Outcome == AttemptOutcome.DeadlineExceeded, $"{what}: {attempt}");
        Assert.Equal((null, "The endpoint did not answer within 1 s."), (attempt.StatusCode, attempt.Error));
    }

    [Fact]
    public async Task SendAsync_BodyThatIsNeverComplete_SaysThatTheAnswerHadBegun()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
            await connection.HangAsync();
        });

        var attempt = (await SendAsync(receiver.Url, options => options.AttemptTimeout = TimeSpan.FromSeconds(6))).Attempt;

        Assert.Equal(
            (AttemptOutcome.DeadlineExceeded, 200, "The endpoint began to answer but was not done within 6 s."),
            (attempt.Outcome, attempt.StatusCode, attempt.Error));
    }

    [Fact]
    public async Task SendAsync_RequestIsNeverRead_EndsWithTheDeadline()
    {
        await using var receiver = new RawReceiver(connection => connection.HangAsync());
        await using var services = Build(options => options.AttemptTimeout = TimeSpan.FromSeconds(2));

        var attempt = (await services.SendAsync(receiver.Url, Message(new byte[32 * 1024 * 1024]))).Attempt;

        Assert.Equal((AttemptOutcome.DeadlineExceeded, null), (attempt.Outcome, attempt.StatusCode));
    }

    [Theory]
    [InlineData("Content-Length: 9223372036854775807\r\n\r\n", "abcdefgh")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", "8\r\nabcdefgh\r\n")]
    [InlineData("\r\n", "abcdefgh")]
    public async Task SendAsync_EndlessBodyOfAnyFraming_IsCutOffAndJudgedByItsStatus(string framing, string more)
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 500 No\r\n{framing}");
            await connection.WriteForeverAsync(string.Concat(Enumerable.Repeat(more, 1000)));
        });

        var attempt = (await SendAsync(receiver.Url)).Attempt;

        Assert.Equal((AttemptOutcome.ReceiverError, 500, 8192), (attempt.Outcome, attempt.StatusCode, attempt.Response.Length));
    }

    [Fact]
    public async Task SendAsync_SecondAnswerInAdvance_IsNotTakenForThatOfTheNextAttempt()
    {
        await using var receiver = new RawReceiver(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await connection.HangAsync();
        });
        await using var services = Build();

        Assert.Equal(AttemptOutcome.ReceiverError, (await services.SendAsync(receiver.Url)).Attempt.Outcome);
        Assert.Equal(AttemptOutcome.ReceiverError, (await services.SendAsync(receiver.Url)).Attempt.Outcome);
        Assert.Equal(2, receiver.Connections);
    }

    [Fact]
    public async Task SendAsync_CompressedAnswer_IsKeptAsItCame()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[4 * 1024 * 1024]);
        }

        await using var receiver = await ScriptedReceiver.StartAsync();
        receiver.Answer(ReceiverAnswer.Body(packed.ToArray(), 500, ("Content-Encoding", "gzip")));

        var attempt = (await SendAsync(receiver.Url.ToString())).Attempt;

        Assert.Equal(packed.ToArray(), attempt.Response.ToArray());
        Assert.DoesNotContain("Accept-Encoding", Assert.Single(receiver.Requests).Headers.Keys);
    }

    [Fact]
    public async Task SendAsync_Cookie_IsNotBroughtBack()
    {
        await using var receiver = await ScriptedReceiver.StartAsync();
        receiver.Answer(ReceiverAnswer.Status(200, ("Set-Cookie", "session=1; Path=/")));
        await using var services = Build();

        await services.SendAsync(receiver.Url.ToString());
        await services.SendAsync(receiver.Url.ToString());

        Assert.All(receiver.Requests, request => Assert.DoesNotContain("Cookie", request.Headers.Keys));
        Assert.Equal(2, receiver.Requests.Count);
    }

    // Whether the reset comes before or after the connect is the kernel's to say.
    private static void AssertNeverThere(AttemptResult result)
    {
        Assert.True(result.Attempt.Outcome is AttemptOutcome.ConnectionBroken or AttemptOutcome.ConnectFailed, result.Attempt.Error);
        Assert.Null(result.Attempt.StatusCode);
    }

    private static void AssertBroken(AttemptResult result, int? status) => Assert.Equal(
        (AttemptOutcome.ConnectionBroken, status, Broken),
        (result.Attempt.Outcome, result.Attempt.StatusCode, result.Attempt.Error));
}
