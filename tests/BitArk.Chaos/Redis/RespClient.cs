using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace BitArk.Chaos.Redis;

/// <summary>One connection to a Redis server: one command, one answer. Only the answers that the comparison needs.</summary>
internal sealed class RespClient : IDisposable
{
    private readonly TcpClient _connection;
    private readonly StreamReader _answers;

    private RespClient(TcpClient connection)
    {
        _connection = connection;
        _answers = new StreamReader(connection.GetStream(), Encoding.ASCII);
    }

    /// <summary>Connects.</summary>
    public static async Task<RespClient> ConnectAsync(int port)
    {
        var connection = new TcpClient { NoDelay = true };
        try
        {
            await connection.ConnectAsync("127.0.0.1", port);
            return new RespClient(connection);
        }
        catch (SocketException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The answer as text: what follows the type for a status or a number, the content of a string.</summary>
    /// <exception cref="IOException">The server is gone.</exception>
    /// <exception cref="RedisRefusedException">The server says no.</exception>
    public async Task<string> CallAsync(CancellationToken cancellation, params string[] command)
    {
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (string word in command)
            request.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
        await _connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request.ToString()), cancellation);
        string line = await LineAsync(cancellation);
        switch (line[0])
        {
            case '-':
                throw new RedisRefusedException(line[1..]);
            case '$':
                var content = new char[int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture) + 2];
                if (await _answers.ReadBlockAsync(content, cancellation) < content.Length)
                    throw new IOException("the server ended in the middle of an answer");
                return new string(content, 0, content.Length - 2);
            default:
                return line[1..];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _answers.Dispose();
        _connection.Dispose();
    }

    private async Task<string> LineAsync(CancellationToken cancellation) =>
        await _answers.ReadLineAsync(cancellation) is { Length: > 0 } line ? line : throw new IOException("the server closed the connection");
}

/// <summary>A Redis server answered with an error.</summary>
internal sealed class RedisRefusedException(string message) : Exception(message);
